/** Two tones, as a telephone: hertz and seconds from the beginning. */
const TONES = [
  { hertz: 659, from: 0 },
  { hertz: 880, from: 0.18 },
];
const TONE_SECONDS = 0.16;
const VOLUME = 0.12;

/** A ring made by the browser itself. Before the first gesture on the page browsers let nothing sound; then this is silent. */
export const createRing = (makeContext: () => AudioContext) => {
  let context: AudioContext | null = null;
  const ready = (): AudioContext => {
    context ??= makeContext();
    return context;
  };
  return {
    /** For the first gesture. */
    allow(): void {
      if (ready().state === 'suspended') void ready().resume();
    },
    once(): void {
      const audio = ready();
      if (audio.state !== 'running') return;
      for (const { hertz, from } of TONES) {
        const start = audio.currentTime + from;
        const tone = audio.createOscillator();
        const volume = audio.createGain();
        tone.frequency.value = hertz;
        volume.gain.setValueAtTime(0, start);
        volume.gain.linearRampToValueAtTime(VOLUME, start + 0.02);
        volume.gain.linearRampToValueAtTime(0, start + TONE_SECONDS);
        tone.connect(volume).connect(audio.destination);
        tone.start(start);
        tone.stop(start + TONE_SECONDS);
      }
    },
    end(): void {
      void context?.close();
      context = null;
    },
  };
};
