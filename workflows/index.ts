export { conversation } from './conversation.ts';
export { errands } from './errands.ts';
