export default async () => {
  await globalThis.stopServices?.();
  globalThis.stopServices = undefined;
};
