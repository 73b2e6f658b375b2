import { describe, expect, it } from 'vitest';
import { describeTopologies } from './topology.ts';

describe('signal topology describe', () => {
  it("draws the event processor in Kafka Streams' text form", async () => {
    const text = await describeTopologies('signal-processor', false);
    expect(text).toContain('Source: RAW-EVENTS (topics: [raw-events])');
    expect(text).toContain('Sub-topology: 1');
    expect(text).not.toContain('config-commands');
  });

  it('draws all of them as Mermaid', async () => {
    const text = await describeTopologies(undefined, true);
    expect(text.match(/^flowchart/gm)).toHaveLength(2);
  });

  it('says which there are when asked for another', async () => {
    await expect(describeTopologies('nonsense', false)).rejects.toThrow('signal-config, signal-processor');
  });
});
