import { createDeskClient } from '../client.ts';
import { createAnnouncer } from './announcer.ts';
import { createBanner } from './banner.ts';
import { storedText } from './browser-storage.ts';
import { createComposer } from './composer.ts';
import { found } from './element.ts';
import { createHeader } from './header.ts';
import { createMessageList } from './message-list.ts';
import { createPersonButton } from './person-button.ts';
import { createRatingCard } from './rating-card.ts';
import { storageKey, takeIdentity } from './sign-in.ts';
import { speak } from './static-words.ts';
import { createWaiting } from './waiting.ts';

speak();
const storedIdentity = storedText(() => sessionStorage, 'duradesk/identity');
const identity = takeIdentity(storedIdentity);
const client = createDeskClient({
  url: `${location.origin.replace(/^http/, 'ws')}/v1/socket`,
  WebSocket,
  storage: storedText(() => localStorage, storageKey(identity)),
  ...(isLanguage(navigator.language) && { language: navigator.language }),
  ...(identity !== null && { identity: () => identity }),
});

/** What the protocol takes: language and region. Browsers may name a script too (`zh-Hans-CN`). */
function isLanguage(name: string): boolean {
  return /^[a-z]{2,3}(-[A-Z]{2})?$/.test(name);
}

const announce = createAnnouncer(found('announcer', HTMLElement));
const field = found('text', HTMLTextAreaElement);

const startNew = (): void => {
  client.startNew();
  field.focus();
};

const views = [
  createHeader({
    company: found('company', HTMLElement),
    speaker: found('speaker', HTMLElement),
    customer: found('customer', HTMLElement),
    mark: found('mark', HTMLElement),
    portrait: found('portrait', HTMLElement),
    startNewButton: found('start-new', HTMLButtonElement),
    startNew,
  }),
  createBanner({
    banner: found('banner', HTMLElement),
    isOnline: () => navigator.onLine,
    continueAsGuest() {
      storedIdentity.set(null);
      location.reload();
    },
    reload: () => location.reload(),
    startNew,
    announce,
  }),
  createWaiting({ panel: found('waiting', HTMLElement), announce }),
  createMessageList({
    log: found('log', HTMLElement),
    toEnd: found('to-end', HTMLButtonElement),
    actions: client,
    rating: createRatingCard({ rate: client.rate, announce }),
    announce,
  }),
  createPersonButton({
    button: found('person', HTMLButtonElement),
    label: found('person-label', HTMLElement),
    askForPerson: client.askForPerson,
    announce,
  }),
  createComposer({
    form: found('composer', HTMLFormElement),
    field,
    counter: found('counter', HTMLElement),
    stopButton: found('stop', HTMLButtonElement),
    draft: storedText(() => sessionStorage, 'duradesk/draft'),
    send: client.send,
    stop: client.stop,
  }),
];

const draw = (): void => {
  for (const view of views) view(client.state());
};

client.subscribe(draw);
draw();
addEventListener('online', client.reconnect);
addEventListener('offline', draw);
addEventListener('pageshow', client.wake);
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') client.wake();
});
// With a finger, focus would cover half of the page with a keyboard.
if (matchMedia('(pointer: fine)').matches) field.focus();
