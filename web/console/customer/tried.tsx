import { Text } from '@mantine/core';
import type { HandoffContext } from '../../../contracts/handoff-context.ts';
import { wordsOf } from '../argument-form.ts';
import { IconAlertTriangle, IconCheck, IconTool } from '../parts/icons.ts';
import { Section } from '../parts/section.tsx';
import { Sources } from '../thread/bubble.tsx';
import { readable } from './readable.ts';

const ENDS: Record<string, string> = {
  final: 'answered',
  stopped: 'was stopped',
  escalated: 'handed over',
  failed: 'failed',
};

/** What the assistant has tried, with what each tool was asked and said. */
export const Tried = ({ context }: { context: HandoffContext | null }) => {
  if (!context || (context.tried.length === 0 && context.toolCalls.length === 0)) return null;
  const { tried, toolCalls } = context;
  const ends = tried.map(({ end }) => ENDS[end ?? ''] ?? end ?? 'was cut off');
  const counted = [...new Set(ends)].map((end) => `${end}${times(ends.filter((one) => one === end).length)}`);
  const sources = [...new Map(tried.flatMap((turn) => turn.sources).map((one) => [one.title, one])).values()];
  return (
    <Section title="What the assistant tried">
      {counted.length > 0 && <Text size="sm">{`It ${counted.join(', ')}.`}</Text>}
      {toolCalls.map((call) => (
        <details key={`${call.turn}.${call.call}`} className="tool-call">
          <summary className="line">
            <IconTool size={14} aria-hidden />
            <span className="clipped">{wordsOf(call.name)}</span>
            {call.ok === false ? (
              <IconAlertTriangle size={14} role="img" aria-label="failed" className="bad" />
            ) : (
              call.ok && <IconCheck size={14} role="img" aria-label="done" className="good" />
            )}
          </summary>
          <Text size="xs" c="dimmed">
            Asked with
          </Text>
          <pre>{readable(call.arguments)}</pre>
          <Text size="xs" c="dimmed">
            {call.result === null ? 'No answer is known.' : 'Answer'}
          </Text>
          {call.result !== null && <pre>{readable(call.result)}</pre>}
        </details>
      ))}
      <Sources sources={sources} />
    </Section>
  );
};

const times = (count: number): string => (count === 1 ? ' once' : ` ${count} times`);
