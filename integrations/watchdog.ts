import { ModelUnavailable } from './model.ts';

export type Watchdog = ReturnType<typeof createWatchdog>;

/** Ends one request when its server stays silent for longer than was expected of it. */
export const createWatchdog = () => {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let late: ModelUnavailable | undefined;
  return {
    /** Aborts the request. */
    signal: controller.signal,
    /** Set once the server was too late. */
    get late() {
      return late;
    },
    /** Starts to wait for the server. Between `rest` and the next `expect` no time passes. */
    expect(what: string, ms: number): void {
      timer = setTimeout(() => {
        late = new ModelUnavailable(`the model server sent nothing for ${ms} ms, waiting for ${what}`);
        controller.abort();
      }, ms);
    },
    rest: () => clearTimeout(timer),
    stop: () => controller.abort(),
  };
};
