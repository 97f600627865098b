import { useLocalStorage } from '@mantine/hooks';

const preference = (name: string, defaultValue: boolean) => (): [boolean, (value: boolean) => void] => {
  const [value, set] = useLocalStorage({
    key: `duradesk.console.${name}`,
    defaultValue,
    getInitialValueInEffect: false,
  });
  return [value, set];
};

export const useSound = preference('sound', true);
/** Single keys as commands can be turned off: WCAG 2.1.4, for who speaks to the machine. */
export const useSingleKeys = preference('keys', true);
export const useCustomerShown = preference('customer', true);
