import { element } from './element.ts';

/** Screen readers drop what leaves the region before they have read it; these many may wait. */
const KEPT = 5;

/** The page's one live region: it hears whole messages and changes of the connection, never single words of a stream. */
export const createAnnouncer = (region: HTMLElement) => (text: string) => {
  region.append(element('p', { dir: 'auto' }, text));
  while (region.childElementCount > KEPT) region.firstElementChild?.remove();
};
