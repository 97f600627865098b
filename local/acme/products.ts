/** `standard`: 60 days to return, `sale`: 30, `final`: not returnable, as the help articles say. */
export type ReturnRule = 'standard' | 'sale' | 'final';

export type Product = { sku: string; name: string; priceCents: number; returns: ReturnRule };

const product = (sku: string, name: string, euros: number, returns: ReturnRule = 'standard'): Product => ({
  sku,
  name,
  priceCents: Math.round(euros * 100),
  returns,
});

/** The part of the shop's range that the sample orders hold. */
export const products: Product[] = [
  product('TENT-RIDGE-2', 'Fernhill Ridge 2 tent', 349),
  product('FOOTPRINT-RIDGE-2', 'Ridge 2 footprint', 39),
  product('PACK-HOLLOW-55', 'Fernhill Hollow 55 backpack', 189),
  product('PACK-BRAMBLE-22', 'Fernhill Bramble 22 daypack', 79),
  product('BOOT-CAIRN-GTX', 'Cairn GTX hiking boots', 199),
  product('SHOE-FELL', 'Fell trail running shoes', 129, 'sale'),
  product('BAG-TARN-M5', 'Tarn -5 down sleeping bag', 279),
  product('MAT-TARN-R4', 'Tarn R4 sleeping mat', 119),
  product('JKT-SQUALL', 'Fernhill Squall rain jacket', 229),
  product('JKT-EMBER', 'Ember insulated jacket', 169, 'sale'),
  product('STOVE-KINDLE', 'Kindle gas stove', 49),
  product('FUEL-230', 'Gas cartridge 230 g', 6.95, 'final'),
  product('POT-2L', 'Nesting pot set 2 l', 44.95),
  product('POLES-SCREE', 'Scree trekking poles', 89),
  product('LAMP-WISP', 'Wisp 400 headlamp', 59),
  product('AVA-SET', 'Avalanche set: transceiver, shovel, probe', 389),
  product('SKI-SKINS', 'Touring skins 130 mm', 139),
  product('PROOFER', 'Wash-in proofer 300 ml', 14.95),
  product('SOCK-MERINO', 'Merino hiking socks', 22),
  product('GIFT-50', 'Gift card 50 EUR', 50, 'final'),
];
