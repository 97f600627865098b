import { useEffect, useRef, useState } from 'react';
import type { Offer } from '../link.ts';
import { reasonWords } from '../parts/reason.ts';
import { useSound } from '../use-preference.ts';
import { createRing } from './ring.ts';

const EVERY_MS = 2_500;

/** Makes an offer heard, and seen while the page is hidden. */
export const useRing = (offers: readonly Offer[]): void => {
  const [sound] = useSound();
  const [ring] = useState(() => createRing(() => new AudioContext()));
  const told = useRef(new Set<string>());
  const rings = offers.length > 0;

  useEffect(() => {
    const allow = (): void => {
      ring.allow();
      // Asked for at a gesture, as browsers want it, and once: an answer is remembered by them.
      if ('Notification' in window && Notification.permission === 'default') void Notification.requestPermission();
    };
    addEventListener('pointerdown', allow, { once: true });
    addEventListener('keydown', allow, { once: true });
    return () => {
      removeEventListener('pointerdown', allow);
      removeEventListener('keydown', allow);
      ring.end();
    };
  }, [ring]);

  useEffect(() => {
    if (!rings || !sound) return;
    ring.once();
    const timer = setInterval(ring.once, EVERY_MS);
    return () => clearInterval(timer);
  }, [ring, rings, sound]);

  useEffect(() => {
    for (const offer of offers) {
      const tag = `${offer.desk}:${offer.offer}`;
      if (told.current.has(tag)) continue;
      told.current.add(tag);
      if (!document.hidden || !('Notification' in window) || Notification.permission !== 'granted') continue;
      // No words of the customer's: what pops up may be seen by others.
      const shown = new Notification('A conversation is offered to you', { body: reasonWords(offer.reason), tag });
      shown.onclick = () => {
        window.focus();
        shown.close();
      };
    }
  }, [offers]);
};
