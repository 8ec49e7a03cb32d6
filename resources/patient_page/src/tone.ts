/** A short, soft tone, made here: nothing is loaded for it. */
const NOTES = [659.25, 880];
const LENGTH = 0.16;
const LOUDNESS = 0.12;

export class Tone {
  #audio: AudioContext | undefined;

  /** Within a gesture of the person's: before one, browsers let no page make a sound. */
  allow(): void {
    if (this.#audio !== undefined || !("AudioContext" in globalThis)) return;
    this.#audio = new AudioContext();
    void this.#audio.resume().catch(() => undefined);
  }

  async play(): Promise<void> {
    const audio = this.#audio;
    if (audio === undefined) return;
    await audio.resume();
    NOTES.forEach((frequency, place) => this.#note(audio, frequency, audio.currentTime + place * LENGTH));
  }

  #note(audio: AudioContext, frequency: number, start: number): void {
    const loudness = new GainNode(audio, { gain: 0 });
    loudness.gain.setValueAtTime(0, start);
    loudness.gain.linearRampToValueAtTime(LOUDNESS, start + 0.02);
    loudness.gain.linearRampToValueAtTime(0, start + LENGTH);
    const note = new OscillatorNode(audio, { frequency });
    note.connect(loudness).connect(audio.destination);
    note.start(start);
    note.stop(start + LENGTH);
  }
}
