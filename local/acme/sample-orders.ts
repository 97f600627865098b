export type OrderStatus =
  | 'processing'
  | 'packed'
  | 'shipped'
  | 'out_for_delivery'
  | 'delivered'
  | 'returned'
  | 'cancelled';

/** Days count from the day of seeding, the past below 0. */
export type SampleOrder = {
  number: string;
  customerId: string;
  status: OrderStatus;
  placed: number;
  shipped: number | null;
  eta: number | null;
  delivered: number | null;
  lines: { sku: string; quantity: number }[];
  tracking: string | null;
};

type Days = [placed: number, shipped?: number | null, eta?: number | null];

/** `lines` as `SKU` or `2*SKU`, blank-separated. What arrived did so on its expected day. */
const order = (
  number: number,
  customer: string,
  status: OrderStatus,
  [placed, shipped = null, eta = null]: Days,
  lines: string,
  tracking: string | null = null,
): SampleOrder => ({
  number: String(number),
  customerId: `cus_${customer}`,
  status,
  placed,
  shipped,
  eta,
  delivered: status === 'delivered' || status === 'returned' ? eta : null,
  lines: lines.split(' ').map((line) => {
    const [sku = '', quantity = '1'] = line.split('*').reverse();
    return { sku, quantity: Number(quantity) };
  }),
  tracking,
});

/** Every state that a customer may ask about, and both sides of the return windows (30 and 60 days). */
export const sampleOrders: SampleOrder[] = [
  order(1024, 'grace', 'delivered', [-75, -74, -73], 'TENT-RIDGE-2', 'NLP48201120IE'),
  order(1025, 'filipe', 'delivered', [-66, -64, -58], 'JKT-SQUALL PACK-BRAMBLE-22', 'VP730011873EU'),
  order(1026, 'david', 'delivered', [-48, -46, -41], 'JKT-EMBER 3*SOCK-MERINO', 'VP730014406EU'),
  order(1027, 'ada', 'returned', [-40, -38, -36], 'SHOE-FELL', 'NLP48206918IE'),
  order(1028, 'ben', 'returned', [-34, -32, -29], 'SHOE-FELL', 'NLP48207755IE'),
  order(1029, 'ben', 'delivered', [-26, -24, -21], 'JKT-EMBER', 'NLP48208614IE'),
  order(1030, 'clara', 'delivered', [-19, -17, -14], 'JKT-SQUALL', 'VP730018852EU'),
  order(1031, 'ada', 'delivered', [-16, -14, -12], 'PACK-BRAMBLE-22 2*FUEL-230', 'NLP48209713IE'),
  order(1032, 'elena', 'cancelled', [-15], 'JKT-SQUALL'),
  order(1033, 'elena', 'delivered', [-12, -10, -6], 'BOOT-CAIRN-GTX', 'VP730018990EU'),
  order(1034, 'hugo', 'cancelled', [-9], 'STOVE-KINDLE POT-2L'),
  order(1035, 'grace', 'delivered', [-8, -7, -5], '2*GIFT-50 SOCK-MERINO', 'NLP48210332IE'),
  order(1036, 'hugo', 'shipped', [-7, -5, 2], 'TENT-RIDGE-2 LAMP-WISP', 'VP730019102EU'),
  order(1037, 'filipe', 'shipped', [-6, -4, 1], 'BAG-TARN-M5 MAT-TARN-R4', 'VP730019241EU'),
  order(1038, 'ben', 'out_for_delivery', [-5, -3, 0], 'BOOT-CAIRN-GTX 2*SOCK-MERINO', 'NLP48210964IE'),
  order(1039, 'clara', 'out_for_delivery', [-5, -4, 0], '2*MAT-TARN-R4', 'VP730019377EU'),
  order(1040, 'david', 'shipped', [-4, -2, 3], '2*PROOFER 2*SOCK-MERINO', 'VP730019420EU'),
  order(1041, 'grace', 'shipped', [-3, -2, 1], '2*LAMP-WISP POLES-SCREE', 'NLP48210951IE'),
  order(1042, 'ada', 'shipped', [-3, -1, 2], 'TENT-RIDGE-2 FOOTPRINT-RIDGE-2', 'NLP48210977IE'),
  order(1043, 'elena', 'packed', [-1, null, 5], 'PACK-HOLLOW-55'),
  order(1044, 'filipe', 'packed', [-1, null, 6], 'POLES-SCREE'),
  order(1045, 'ada', 'processing', [-1], 'STOVE-KINDLE POT-2L FUEL-230'),
  order(1046, 'clara', 'processing', [0], 'PACK-HOLLOW-55 PROOFER'),
  order(1047, 'david', 'processing', [0], 'AVA-SET SKI-SKINS'),
  order(1048, 'hugo', 'processing', [0], 'BAG-TARN-M5'),
];
