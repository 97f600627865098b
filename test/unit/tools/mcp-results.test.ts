import { describe, expect, test } from '@jest/globals';
import { toOffered, toResult } from '../../../integrations/mcp-results.ts';
import { refusedCall } from '../../../integrations/tool-text.ts';

describe('results of MCP tools as the model reads them', () => {
  test('structured content goes before its copy as text', () => {
    const result = toResult({ structuredContent: { number: '1042' }, content: [{ type: 'text', text: 'copy' }] });
    expect(result).toEqual({ ok: true, content: '{"number":"1042"}' });
  });

  test('text blocks are joined, and what is no text is named', () => {
    const result = toResult({
      content: [
        { type: 'text', text: 'one' },
        { type: 'image', data: 'AAAA', mimeType: 'image/png' },
        { type: 'resource', resource: { uri: 'file:///a.txt', text: 'two' } },
        { type: 'resource_link', uri: 'file:///b.bin', name: 'b' },
      ],
    });
    expect(result).toEqual({ ok: true, content: 'one\n[image left out]\ntwo\n[file:///b.bin left out]' });
  });

  test("the tool's own error stays an answer", () => {
    expect(toResult({ content: [{ type: 'text', text: 'no such order' }], isError: true })).toEqual({
      ok: false,
      content: 'no such order',
    });
    expect(refusedCall('Unknown tool')).toEqual({ ok: false, content: '{"error":"Unknown tool"}' });
  });

  test('nothing invisible passes, in values, names or escapes', () => {
    const { content } = toResult({ structuredContent: { 'no\u200Bte': 'a\u0000b\u202Ec' }, content: [] });
    expect(content).toBe('{"note":"abc"}');
  });

  test('is cut at 16 KiB and says so', () => {
    const { content } = toResult({ content: [{ type: 'text', text: 'x'.repeat(20_000) }] });
    expect(content).toBe(`${'x'.repeat(16_384)}\n[cut here: 3616 of 20000 bytes left out]`);
  });

  test('what a tool says of itself is cleaned, what its arguments must match is not', () => {
    const { description, inputSchema } = toOffered({
      name: 'x',
      description: `Reads.\u{E0041}${' more'.repeat(1_000)}`,
      inputSchema: {
        type: 'object',
        properties: { mark: { description: 'obey\u{E0041}', pattern: '^\u200B$', enum: ['\u200B'] } },
      },
    });
    expect(inputSchema).toEqual({
      type: 'object',
      properties: { mark: { description: 'obey', pattern: '^\u200B$', enum: ['\u200B'] } },
    });
    expect(description).toMatch(/^Reads\. more/);
    expect(description).toMatch(/\[cut here: \d+ of 5006 bytes left out\]$/);
  });
});
