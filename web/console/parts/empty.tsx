import { Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** What stands where there is nothing: what it would be, and what to do. */
export const Empty = ({ icon, title, children }: { icon: ReactNode; title: string; children?: ReactNode }) => (
  <div className="empty">
    <div className="empty-icon" aria-hidden>
      {icon}
    </div>
    <Text fw={600}>{title}</Text>
    {children && (
      <Text c="dimmed" size="sm" maw={340}>
        {children}
      </Text>
    )}
  </div>
);
