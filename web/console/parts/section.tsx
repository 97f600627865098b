import type { ReactNode } from 'react';

/** A part of a pane under its own heading. */
export const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="section">
    <h3>{title}</h3>
    {children}
  </section>
);

/** Names and values; nothing where there are none. */
export const FactList = ({ facts }: { facts: readonly { label: string; value: string }[] }) =>
  facts.length === 0 ? null : (
    <dl className="facts">
      {facts.map(({ label, value }) => (
        <div key={`${label} ${value}`}>
          <dt>{label}</dt>
          <dd dir="auto">{value}</dd>
        </div>
      ))}
    </dl>
  );
