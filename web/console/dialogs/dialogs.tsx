import { useDialogs } from './dialogs-context.tsx';
import { EditArguments } from './edit-arguments.tsx';
import { GiveBack } from './give-back.tsx';
import { Help } from './help.tsx';
import { Reassign } from './reassign.tsx';
import { Refuse } from './refuse.tsx';
import { Resolve } from './resolve.tsx';
import { Transfer } from './transfer.tsx';

/** The dialog that is open, if one is. */
export const Dialogs = () => {
  const { dialog, close } = useDialogs();
  switch (dialog?.kind) {
    case 'transfer':
      return <Transfer conversation={dialog.conversation} onClose={close} />;
    case 'reassign':
      return <Reassign conversation={dialog.conversation} onClose={close} />;
    case 'giveBack':
      return <GiveBack conversation={dialog.conversation} onClose={close} />;
    case 'resolve':
      return <Resolve conversation={dialog.conversation} onClose={close} />;
    case 'refuse':
      return <Refuse conversation={dialog.conversation} approval={dialog.approval} onClose={close} />;
    case 'edit':
      return <EditArguments conversation={dialog.conversation} approval={dialog.approval} onClose={close} />;
    case 'help':
      return <Help onClose={close} />;
    default:
      return null;
  }
};
