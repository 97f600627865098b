import { useConsole } from '../console-context.tsx';
import { IconEye, IconPencil } from '../parts/icons.ts';
import type { Viewer } from '../watches.ts';

const list = new Intl.ListFormat('en', { type: 'conjunction' });
const verb = (people: readonly unknown[], one: string, many: string): string => (people.length === 1 ? one : many);

/** Which colleagues look at it too, and who of them writes: so that no two answer the same. */
export const Viewers = ({ viewers }: { viewers: readonly Viewer[] }) => {
  const { me } = useConsole();
  const others = viewers.filter(({ id }) => id !== me.id);
  const writing = others.filter(({ typing }) => typing).map(({ name }) => name);
  const looking = others.filter(({ typing }) => !typing).map(({ name }) => name);
  return (
    <div className="viewers" role="status">
      {writing.length > 0 && (
        <span className="viewers-writing">
          <IconPencil size={14} aria-hidden />
          <span dir="auto">{`${list.format(writing)} ${verb(writing, 'is', 'are')} writing…`}</span>
        </span>
      )}
      {looking.length > 0 && (
        <span>
          <IconEye size={14} aria-hidden />
          <span dir="auto">{`${list.format(looking)} ${verb(looking, 'looks', 'look')} at this too`}</span>
        </span>
      )}
    </div>
  );
};
