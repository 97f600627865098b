/**
 * The address in the form a browser would open, or `null` unless it is plain http or https. Names before the host are
 * refused too: `https://shop.example@evil.example` reads like the shop and leads elsewhere.
 */
export const httpLink = (address: string): string | null => {
  if (!URL.canParse(address)) return null;
  const { protocol, username, password, href } = new URL(address);
  const isPlain = (protocol === 'https:' || protocol === 'http:') && username === '' && password === '';
  return isPlain ? href : null;
};
