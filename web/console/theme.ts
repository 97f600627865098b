import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

/** The customer page's green, from light to dark; its accent is the ninth. */
const fjord: MantineColorsTuple = [
  '#e9f7f2',
  '#d3ebe2',
  '#a8d8c6',
  '#7fd6bb',
  '#52bd9c',
  '#2fa583',
  '#1d8f6f',
  '#137c60',
  '#0f6e56',
  '#0a5241',
];

export const theme = createTheme({
  colors: { fjord },
  primaryColor: 'fjord',
  // White text on the eighth shade has a contrast above 4.5 in both schemes; on Mantine's sixth it has not.
  primaryShade: { light: 8, dark: 8 },
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  respectReducedMotion: true,
  cursorType: 'pointer',
});

/** Mantine's quiet text is too pale for WCAG AA on its grey surfaces. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#566069',
    '--mantine-color-placeholder': '#6b7680',
    '--mantine-color-error': 'var(--mantine-color-red-9)',
    '--mantine-color-red-filled': '#c92a2a',
    '--mantine-color-orange-light-color': '#8a3200',
    '--mantine-color-yellow-light-color': '#6b4700',
    '--mantine-color-green-light-color': '#1b5e2a',
    '--mantine-color-teal-light-color': '#075c42',
  },
  dark: {
    '--mantine-color-body': '#1d2120',
    '--mantine-color-default': '#262c2a',
    '--mantine-color-default-hover': '#2f3633',
    '--mantine-color-default-border': '#3d4642',
    '--mantine-color-dimmed': 'var(--mantine-color-dark-1)',
    '--mantine-color-placeholder': 'var(--mantine-color-dark-2)',
    '--mantine-color-error': 'var(--mantine-color-red-4)',
    '--mantine-color-red-filled': '#c92a2a',
  },
});
