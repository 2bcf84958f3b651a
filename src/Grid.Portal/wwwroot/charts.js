// Draws every <figure data-chart> from the JSON beside it: bars as SVG, nothing inline, colours from the stylesheet.
// ECharts is the global of a deferred script that stands before this module. Without either, the page keeps its table.
const language = document.documentElement.lang;
const dark = matchMedia('(prefers-color-scheme: dark)');
const still = matchMedia('(prefers-reduced-motion: reduce)');
const colour = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const number = (value, digits) => new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);

// A state is told by pattern as well as by colour.
const hatch = stroke => ({ symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [3, 4], rotation: -Math.PI / 4, color: stroke });

function style(state) {
  switch (state) {
    case 'estimated': return { color: colour('bar'), decal: hatch(colour('surface')) };
    case 'partial': return { color: colour('bar-second'), decal: hatch(colour('surface')) };
    case 'sofar': return { color: colour('bar-second') };
    default: return { color: colour('bar') };
  }
}

// By the clock on the wall: a day on which clocks change has 46 or 50 half-hours.
const everyFourHours = (_, label) => /^\d\d:00$/.test(label) && parseInt(label, 10) % 4 === 0;

function tooltip(data, index) {
  const bar = data.bars[index];
  const value = bar.kwh === null ? '' : `${number(bar.kwh, 2)} ${data.unit}`;
  return [bar.name, value, bar.note].filter(Boolean).join('\n');
}

function option(data) {
  const text = { color: colour('soft'), fontFamily: 'inherit', fontSize: 12 };
  const absent = { color: 'transparent', borderColor: colour('absent'), borderWidth: 0, opacity: 0.7, decal: hatch(colour('absent')) };
  return {
    animation: !still.matches,
    animationDuration: 250,
    aria: { enabled: true, label: { description: data.description } },
    grid: { left: 4, right: 4, top: 12, bottom: 4, containLabel: true },
    textStyle: text,
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText', // an HTML tooltip needs inline styles, which the content security policy refuses
      axisPointer: { type: 'shadow', shadowStyle: { color: colour('edge'), opacity: 0.15 } },
      backgroundColor: colour('ink'),
      borderWidth: 0,
      textStyle: { color: colour('surface'), fontSize: 13 },
      confine: true,
      formatter: bars => tooltip(data, bars[0].dataIndex),
    },
    xAxis: {
      type: 'category',
      data: data.bars.map(bar => bar.axis),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colour('edge') } },
      axisLabel: { ...text, hideOverlap: true, interval: data.bars.length > 40 ? everyFourHours : 'auto' },
    },
    yAxis: [
      {
        type: 'value',
        splitNumber: 4,
        splitLine: { lineStyle: { color: colour('line') } },
        axisLabel: { ...text, formatter: value => number(value, 2) },
      },
      { type: 'value', min: 0, max: 1, show: false, axisLabel: { show: false } },
    ],
    series: [
      {
        type: 'bar',
        name: data.unit,
        barCategoryGap: '22%',
        barMinHeight: 1,
        data: data.bars.map(bar => ({ value: bar.kwh, itemStyle: { ...style(bar.state), borderRadius: [2, 2, 0, 0] } })),
      },
      {
        type: 'bar', // where there are no data a low, pale, hatched band stands: no zero, and no highest use either
        name: data.noData,
        yAxisIndex: 1,
        barGap: '-100%',
        silent: true,
        itemStyle: absent,
        data: data.bars.map(bar => bar.state === 'nodata' ? 0.15 : null),
      },
    ],
  };
}

function draw(figure) {
  const canvas = figure.querySelector('.chart-canvas');
  const data = JSON.parse(figure.querySelector('script').textContent);
  const chart = echarts.init(canvas, null, { renderer: 'svg', locale: 'EN' });
  canvas.setAttribute('role', 'img');
  chart.setOption(option(data));
  new ResizeObserver(() => chart.resize()).observe(canvas);
  dark.addEventListener('change', () => chart.setOption(option(data), true));
}

document.querySelectorAll('figure[data-chart]').forEach(draw);
