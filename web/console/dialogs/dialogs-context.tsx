import { createContext, type ReactNode, use, useMemo, useState } from 'react';
import type { Approval } from '../../../contracts/console.ts';

/** The dialog that is open, and what it is about. One at a time. */
export type Dialog =
  | { kind: 'transfer' | 'reassign'; conversation: string }
  | { kind: 'giveBack'; conversation: string }
  | { kind: 'resolve'; conversation: string }
  | { kind: 'refuse'; conversation: string; approval: Approval }
  | { kind: 'edit'; conversation: string; approval: Approval }
  | { kind: 'help' };

type Dialogs = { dialog: Dialog | null; open(dialog: Dialog): void; close(): void };

const DialogsContext = createContext<Dialogs | null>(null);

export const DialogsProvider = ({ children }: { children: ReactNode }) => {
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const value = useMemo((): Dialogs => ({ dialog, open: setDialog, close: () => setDialog(null) }), [dialog]);
  return <DialogsContext value={value}>{children}</DialogsContext>;
};

export const useDialogs = (): Dialogs => {
  const dialogs = use(DialogsContext);
  if (!dialogs) throw new Error('useDialogs is for what is inside of DialogsProvider.');
  return dialogs;
};
