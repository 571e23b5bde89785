//! The picture of the main cases: bars of instructions, as SVG.

use std::fmt::Write as _;

use super::rows::{Cost, MAIN, Row};

const WIDTH: f64 = 760.0;
const LABELS: f64 = 250.0;
const BARS: f64 = 420.0;
const BAR: f64 = 12.0;
const GROUP: f64 = 3.0 * BAR + 18.0;
const TOP: f64 = 62.0;

/// Gives the texts the color of the page.
const STYLE: &str = "\
<style>
  #costs text { font: 13px system-ui, sans-serif; fill: currentColor }
  #costs .title { font-size: 15px; font-weight: 600 }
  #costs .value { font-size: 11px }
  #costs .ours { fill: #1f6feb }
  #costs .strict { fill: #8c959f }
  #costs .peer { fill: #d4853a }
</style>
";

/// Returns the picture, or `None` if a main case was not measured.
pub(crate) fn svg(rows: &[Row]) -> Option<String> {
    let find = |name: &&str| rows.iter().find(|row| row.name == *name);
    let rows: Vec<&Row> = MAIN.iter().map(find).collect::<Option<_>>()?;
    let scale = BARS / rows.iter().map(|row| longest(row)).fold(1.0, f64::max);
    let mut text = String::new();
    head(&mut text, rows.len());
    let mut top = TOP;
    for row in rows {
        group(&mut text, row, top, scale);
        top += GROUP;
    }
    text.push_str("</svg>\n");
    Some(text)
}

fn bars(row: &Row) -> [(&'static str, Option<Cost>); 3] {
    [
        ("ours", Some(row.ours)),
        ("strict", row.strict),
        ("peer", row.peer),
    ]
}

fn longest(row: &Row) -> f64 {
    let costs = bars(row).into_iter().filter_map(|(_, cost)| cost);
    costs.map(|cost| cost.instructions).fold(0.0, f64::max)
}

#[allow(clippy::cast_precision_loss)]
fn head(text: &mut String, rows: usize) {
    let height = TOP + rows as f64 * GROUP;
    let title = "Instructions per request that CORS adds (less is better)";
    let _ = writeln!(
        text,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         width=\"{WIDTH}\" height=\"{height}\" id=\"costs\" role=\"img\">\n\
         <title>{title}</title>\n{STYLE}\
         <text class=\"title\" x=\"10\" y=\"22\">{title}</text>"
    );
    let keys = [
        ("ours", "cors-runtime"),
        ("strict", "hand-written"),
        ("peer", "tower-http, actix-cors"),
    ];
    let mut left = LABELS;
    for (class, key) in keys {
        let _ = writeln!(
            text,
            "<rect class=\"{class}\" x=\"{left}\" y=\"35\" width=\"12\" height=\"12\"/>\
             <text x=\"{}\" y=\"46\">{key}</text>",
            left + 18.0
        );
        left += 130.0;
    }
}

fn group(text: &mut String, row: &Row, top: f64, scale: f64) {
    let (section, request) = (&row.section, &row.request);
    let middle = top + 1.5 * BAR + 4.0;
    let _ = writeln!(
        text,
        "<text x=\"10\" y=\"{middle}\">{section}: {request}</text>"
    );
    for ((class, cost), number) in bars(row).into_iter().zip([0.0, 1.0, 2.0]) {
        let Some(cost) = cost else { continue };
        let top = top + number * BAR;
        let width = (cost.instructions * scale).max(1.0);
        let _ = writeln!(
            text,
            "<rect class=\"{class}\" x=\"{LABELS}\" y=\"{top}\" width=\"{width:.1}\" \
             height=\"{}\"/><text class=\"value\" x=\"{:.1}\" y=\"{}\">{:.0}</text>",
            BAR - 1.0,
            LABELS + width + 5.0,
            top + BAR - 2.0,
            cost.instructions
        );
    }
}
