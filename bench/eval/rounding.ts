/** Three digits after the point: more would be noise with samples of this size. */
export const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;
