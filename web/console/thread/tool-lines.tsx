import { Loader } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconTool } from '../parts/icons.ts';
import type { ToolLine } from '../thread.ts';

const STATES = { running: 'running', done: 'done', failed: 'failed' };

/** What the assistant looked up or did for its answer. */
export const ToolLines = ({ tools }: { tools: readonly ToolLine[] }) => (
  <ul className="tools" aria-label="Tools that the assistant used">
    {tools.map(({ key, title, status }) => (
      <li key={key} data-status={status}>
        <IconTool size={13} aria-hidden />
        <span className="clipped">{title}</span>
        {status === 'running' && <Loader size={11} aria-hidden />}
        {status === 'done' && <IconCheck size={13} aria-hidden />}
        {status === 'failed' && <IconAlertTriangle size={13} aria-hidden />}
        <span className="only-heard">{STATES[status]}</span>
      </li>
    ))}
  </ul>
);
