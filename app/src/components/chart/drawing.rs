//! The chart as SVG, with its table twin. It needs no script; pointing at a column reads it out where there is one.

use leptos::prelude::*;

use super::{
    columns::{Column, Unit, When},
    geometry::{HEIGHT, Mark, TOP, Tick, marks, scale, slot, ticks, y},
};
use crate::{islands::ChartHover, words};

/// A card with the chart, or with what will be there.
#[component]
pub fn Chart(columns: Vec<Column>, unit: Unit) -> impl IntoView {
    let (mcp, api): (u64, u64) = columns.iter().fold((0, 0), |(mcp, api), column| (mcp + column.mcp, api + column.api));
    let resting = format!("{} in all", words::counted(mcp + api, "call"));
    let table = columns.clone();
    view! {
        <section class="card chart" aria-labelledby="chart-title">
            <div class="chart-head">
                <h2 id="chart-title">"Calls per " {unit.word()}</h2>
                <p class="legend small muted">
                    <span class="legend-entry"><span class="swatch swatch-1" aria-hidden="true"></span>"MCP tools"</span>
                    <span class="legend-entry"><span class="swatch swatch-2" aria-hidden="true"></span>"Image API"</span>
                </p>
            </div>
            {if mcp + api == 0 {
                view! { <p class="chart-empty muted">"No calls in this time. The first one appears here within a second."</p> }.into_any()
            } else {
                view! {
                    <ChartHover resting>
                        <Drawing columns unit mcp api />
                    </ChartHover>
                    <Table columns=table unit />
                }
                    .into_any()
            }}
        </section>
    }
}

#[component]
fn Drawing(columns: Vec<Column>, unit: Unit, mcp: u64, api: u64) -> impl IntoView {
    let lines = scale(columns.iter().map(Column::total).max().unwrap_or(0));
    let top = lines.last().copied().unwrap_or(1);
    let height = TOP + HEIGHT + 26.0;
    let label = format!(
        "{} through MCP tools and {} through the image API, from {} to {}. The table below has the numbers.",
        words::counted(mcp, "call"),
        words::thousands(api),
        columns.first().map(|column| column.long.clone()).unwrap_or_default(),
        columns.last().map(|column| column.long.clone()).unwrap_or_default(),
    );
    let ticks = ticks(&columns);
    let count = columns.len();
    let scale_labels = lines
        .iter()
        .map(|value| view! { <text class="chart-label" x="100%" y=px(y(*value, top) + 4.0) text-anchor="end">{words::thousands(*value)}</text> })
        .collect_view();
    let scale_lines = lines
        .iter()
        .map(|value| view! { <line class="chart-line" x1="0" x2="100%" y1=px(y(*value, top)) y2=px(y(*value, top)) /> })
        .collect_view();
    view! {
        <div class="chart-body">
            <svg class="chart-scale" height=px(height) aria-hidden="true">{scale_labels}</svg>
            <svg class="chart-plot" height=px(height) role="img" aria-label=label>
                {scale_lines}
                {columns
                    .iter()
                    .enumerate()
                    .map(|(index, column)| view! { <ColumnMarks column=column.clone() unit index count top tick=ticks[index] /> })
                    .collect_view()}
            </svg>
        </div>
    }
}

#[component]
fn ColumnMarks(column: Column, unit: Unit, index: usize, count: usize, top: u64, tick: Tick) -> impl IntoView {
    let slot = slot(index, count);
    let (lower, upper) = marks(column.mcp, column.api, top);
    let reading = match column.when {
        When::Future => format!("{}: to come", column.long),
        _ => format!(
            "{}: {} MCP tools, {} image API",
            column.long,
            words::thousands(column.mcp),
            words::thousands(column.api)
        ),
    };
    let hit_class = if column.when == When::Future { "chart-hit chart-hit-future" } else { "chart-hit" };
    let rect = move |mark: Mark, mark_class: &'static str| {
        view! {
            <rect class=mark_class x=percent(slot.x) width=percent(slot.width) y=px(mark.y) height=px(mark.height) rx="2" />
        }
    };
    let (tick_class, text) = match tick {
        Tick::None => ("", None),
        Tick::Major => ("chart-label", Some(column.short.clone())),
        Tick::Minor => ("chart-label chart-label-minor", Some(column.short.clone())),
        Tick::Now => {
            let text = if unit == Unit::Day { "today".to_owned() } else { column.short.clone() };
            ("chart-label chart-label-now", Some(text))
        }
    };
    view! {
        <g class="chart-column" data-reading=reading>
            <rect class=hit_class x=percent(slot.x) width=percent(slot.width) y=px(TOP) height=px(HEIGHT) rx="2" />
            {lower.map(|mark| rect(mark, "series-1"))}
            {upper.map(|mark| rect(mark, "series-2"))}
        </g>
        {(tick == Tick::Now).then(|| view! { <rect class="chart-now" x=percent(slot.x) width=percent(slot.width) y=px(TOP + HEIGHT + 3.0) height="2" rx="1" /> })}
        {text.map(|text| view! { <text class=tick_class x=percent(slot.middle) y=px(TOP + HEIGHT + 21.0) text-anchor="middle">{text}</text> })}
    }
}

/// The same numbers to be read, compared, copied and printed.
#[component]
fn Table(columns: Vec<Column>, unit: Unit) -> impl IntoView {
    view! {
        <details class="twin">
            <summary>"Show as a table"</summary>
            <div class="table-scroll">
                <table class="table table-tight">
                    <thead>
                        <tr>
                            <th scope="col">{unit.heading()}</th>
                            <th scope="col" class="table-number">"MCP tools"</th>
                            <th scope="col" class="table-number">"Image API"</th>
                            <th scope="col" class="table-number">"New profiles"</th>
                        </tr>
                    </thead>
                    <tbody>
                        {columns
                            .into_iter()
                            .rev()
                            .filter(|column| column.when != When::Future)
                            .map(|column| {
                                view! {
                                    <tr>
                                        <th scope="row"><time datetime=column.iso.clone()>{column.long.clone()}</time></th>
                                        <td class="table-number">{words::thousands(column.mcp)}</td>
                                        <td class="table-number">{words::thousands(column.api)}</td>
                                        <td class="table-number">{words::thousands(column.new_profiles)}</td>
                                    </tr>
                                }
                            })
                            .collect_view()}
                    </tbody>
                </table>
            </div>
        </details>
    }
}

fn px(value: f64) -> String {
    format!("{value:.1}")
}

fn percent(value: f64) -> String {
    format!("{value:.3}%")
}
