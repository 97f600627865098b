export { conversation } from './conversation.ts';
export { desk } from './desk.ts';
export { errands } from './errands.ts';
