/** Vectors as the store holds them: float32 in this machine's order, little endian. */
export const pack = ({ buffer, byteOffset, byteLength }: Float32Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

/** Copied, since the driver's buffer may start where no float can. */
export const unpack = (packed: Buffer): Float32Array => new Float32Array(Uint8Array.from(packed).buffer);
