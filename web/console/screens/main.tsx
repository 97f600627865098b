import { useConsole, useLink } from '../console-context.tsx';
import { Dialogs } from '../dialogs/dialogs.tsx';
import { DialogsProvider } from '../dialogs/dialogs-context.tsx';
import { ConnectionBanner } from '../header/connection-banner.tsx';
import { Header } from '../header/header.tsx';
import { OfferCards } from '../offers/offer-cards.tsx';
import { Palette } from '../palette.tsx';
import { ComposerRequestsProvider } from '../thread/composer-requests.tsx';
import { usePlace } from '../use-place.ts';
import { useTitle } from '../use-title.ts';
import { DeskScreen } from './desk.tsx';
import { FloorScreen } from './floor.tsx';

/** The console of who is signed in. */
export const Main = () => {
  const place = usePlace();
  const { me } = useConsole();
  const isOnline = useLink(({ connection }) => connection.status === 'online');
  useTitle();
  return (
    <DialogsProvider>
      <ComposerRequestsProvider>
        <div className="console" data-online={isOnline}>
          <Header />
          <ConnectionBanner />
          {place.screen === 'floor' && me.role !== 'agent' ? (
            <FloorScreen />
          ) : (
            <DeskScreen conversation={place.screen === 'desk' ? place.conversation : null} />
          )}
          <OfferCards />
        </div>
        <Dialogs />
        <Palette />
      </ComposerRequestsProvider>
    </DialogsProvider>
  );
};
