import { expect, it } from 'vitest';
import { page } from './page.js';
import { toSvg } from './svg.js';

const spec = {
  data: { values: [{ name: 'a & b', count: 3 }] },
  mark: 'bar' as const,
  encoding: {
    x: { field: 'count', type: 'quantitative' as const },
    y: { field: 'name', type: 'nominal' as const },
  },
};

it('draws an SVG that needs nothing else, the same each time', async () => {
  const svg = await toSvg(spec);
  expect(svg).toMatch(/^<svg[^>]*>.*a &amp; b.*<\/svg>$/s);
  expect(svg).not.toMatch(/(href|src)="http/);
  expect(await toSvg(spec)).toBe(svg);
});

it('makes one page of text, tables and plots, without letting text be markup', () => {
  const html = page('A <title>', [
    { text: 'one < two' },
    {
      table: [
        ['name', 'count'],
        ['<b>', 3],
      ],
    },
    { svg: '<svg></svg>' },
  ]);
  expect(html).toContain('<title>A &lt;title></title>');
  expect(html).toContain('<p>one &lt; two</p>');
  expect(html).toContain('<td>&lt;b></td>');
  expect(html).toContain('<svg></svg>');
  expect(html).not.toContain('<script');
});
