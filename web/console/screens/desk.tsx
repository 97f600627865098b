import { CustomerPane } from '../customer/customer-pane.tsx';
import { ListsPane } from '../lists/lists-pane.tsx';
import { NoConversation } from '../thread/no-conversation.tsx';
import { ThreadPane } from '../thread/thread-pane.tsx';
import { useCustomerShown } from '../use-preference.ts';

/** Three panes: whom to serve, what is said, and who it is. */
export const DeskScreen = ({ conversation }: { conversation: string | null }) => {
  const [isShown] = useCustomerShown();
  const hasCustomer = conversation !== null && isShown;
  return (
    <div className="panes" data-customer={hasCustomer}>
      <ListsPane selected={conversation} />
      {conversation === null ? <NoConversation /> : <ThreadPane key={`thread ${conversation}`} id={conversation} />}
      {hasCustomer && <CustomerPane key={`customer ${conversation}`} id={conversation} />}
    </div>
  );
};
