import { useSyncExternalStore } from 'react';
import { hashOf, type Place, placeIn } from './place.ts';

const subscribe = (listener: () => void): (() => void) => {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
};

export const goTo = (place: Place): void => {
  location.hash = hashOf(place);
};

export const openConversation = (conversation: string): void => goTo({ screen: 'desk', conversation });

export const usePlaceHash = (): string => useSyncExternalStore(subscribe, () => location.hash);

export const usePlace = (): Place => placeIn(usePlaceHash());
