export type Address = { street: string; postalCode: string; city: string; country: string };

export type SampleCustomer = {
  id: string;
  name: string;
  email: string;
  language: string;
  vip: boolean;
  address: Address;
};

const customer = (
  id: string,
  name: string,
  language: string,
  vip: boolean,
  where: [string, string, string, string],
) => {
  const [street, postalCode, city, country] = where;
  const address = { street, postalCode, city, country };
  return { id: `cus_${id}`, name, email: `${id}@mail.example`, language, vip, address };
};

/** The shop's customers, for seeding and for the sample sign-in. */
export const customers: SampleCustomer[] = [
  customer('ada', 'Ada Moreno', 'en', false, ['7 Orchard Terrace', 'H91 X0X0', 'Galway', 'Ireland']),
  customer('ben', 'Ben Okafor', 'en', false, ['22 Larch Road', 'M99 9ZZ', 'Manchester', 'United Kingdom']),
  customer('clara', 'Clara Vogt', 'de', true, ['Lindenhof 4', '04999', 'Leipzig', 'Germany']),
  customer('david', 'David Lefèvre', 'fr', false, ['18 rue des Tanneurs', '38999', 'Grenoble', 'France']),
  customer('elena', 'Elena Ruiz', 'es', false, ['Calle del Olmo 9', '50999', 'Zaragoza', 'Spain']),
  customer('filipe', 'Filipe Nogueira', 'pt', false, ['Rua da Fonte 31', '4999-999', 'Porto', 'Portugal']),
  customer('grace', 'Grace Kelleher', 'en', true, ['3 Mill Lane', 'T12 X0X0', 'Cork', 'Ireland']),
  customer('hugo', 'Hugo Lindqvist', 'en', false, ['Björkvägen 12', '999 99', 'Uppsala', 'Sweden']),
];
