/** The contract's `MAX_MESSAGE_LENGTH`, in UTF-16 code units; that would bring zod with it, so a test holds the two together. */
export const MAX_LENGTH = 4_000;
