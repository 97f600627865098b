import { useLink } from '../console-context.tsx';
import { OfferCard } from './offer-card.tsx';
import { useRing } from './use-ring.ts';

/** What rings, above everything else. It takes no focus: somebody may be writing. */
export const OfferCards = () => {
  const offers = useLink((state) => state.offers);
  useRing(offers);
  return (
    <section className="offers" aria-label="Offers" aria-live="assertive" aria-relevant="additions">
      {offers.map((offer, place) => (
        <OfferCard key={`${offer.desk}:${offer.offer}`} offer={offer} isFirst={place === 0} />
      ))}
    </section>
  );
};
