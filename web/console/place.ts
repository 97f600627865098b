/** Where the console stands, kept in the fragment of its address: reloads and bookmarks come back to it. */
export type Place = { screen: 'desk'; conversation: string | null } | { screen: 'floor' };

const CONVERSATION = /^#\/c\/(cnv_[A-Za-z0-9_-]{43})$/;

export const placeIn = (hash: string): Place => {
  if (hash === '#/floor') return { screen: 'floor' };
  return { screen: 'desk', conversation: CONVERSATION.exec(hash)?.[1] ?? null };
};

export const hashOf = (place: Place): string => {
  if (place.screen === 'floor') return '#/floor';
  return place.conversation === null ? '#/' : `#/c/${place.conversation}`;
};
