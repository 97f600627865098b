import { convertCssVariables, DEFAULT_THEME, defaultCssVariablesResolver, mergeMantineTheme } from '@mantine/core';
import { theme, variables } from './theme.ts';

/**
 * The theme's variables as a style sheet, to be adopted. Mantine would put them into a <style> element, which the page's
 * content security policy refuses; sheets that scripts make are not its business.
 */
export const themeCss = (): string => {
  const merged = mergeMantineTheme(DEFAULT_THEME, theme);
  const standard = defaultCssVariablesResolver(merged);
  const own = variables(merged);
  return convertCssVariables({
    variables: { ...standard.variables, ...own.variables },
    light: { ...standard.light, ...own.light },
    dark: { ...standard.dark, ...own.dark },
  });
};
