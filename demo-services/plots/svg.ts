import { parse, type View as VegaView, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';

/** What plots look like unless they say otherwise. */
const LOOK: TopLevelSpec['config'] = {
  background: 'white',
  font: 'system-ui, sans-serif',
  view: { stroke: null },
  axis: { labelFontSize: 12, titleFontSize: 12, gridColor: '#e5e7eb', domainColor: '#9ca3af' },
  legend: { labelFontSize: 12, titleFontSize: 12 },
  title: { fontSize: 15, anchor: 'start', subtitleFontSize: 12, subtitleColor: '#4b5563' },
};

/** Draws a Vega-Lite specification. @returns an SVG element that needs nothing else */
export async function toSvg(spec: TopLevelSpec): Promise<string> {
  const view: VegaView = new View(parse(compile({ ...spec, config: { ...LOOK, ...spec.config } }).spec), {
    renderer: 'none',
  });
  const svg = await view.toSVG();
  view.finalize();
  return svg;
}
