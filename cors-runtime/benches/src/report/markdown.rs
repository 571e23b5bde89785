//! The tables, as Markdown.

use std::fmt::Write as _;

use super::rows::{Cost, MAIN, Row};

/// Returns a table of the main cases, and then one of each section.
pub(crate) fn tables(rows: &[Row]) -> String {
    let main: Vec<&Row> = rows
        .iter()
        .filter(|row| MAIN.contains(&row.name.as_str()))
        .collect();
    let mut text = String::new();
    if !main.is_empty() {
        table(&mut text, "Main cases", &main, |row| {
            format!("{}: {}", row.section, row.request)
        });
    }
    let rows: Vec<&Row> = rows.iter().collect();
    for section in rows.chunk_by(|a, b| a.section == b.section) {
        table(&mut text, &section[0].section, section, |row| {
            row.request.clone()
        });
    }
    text
}

type CostOf = fn(&Row) -> Option<Cost>;

type Cells = Vec<String>;

/// A column: its title, and its cell for a row.
type Column<'a> = (String, Box<dyn Fn(&Row) -> String + 'a>);

fn table(text: &mut String, title: &str, rows: &[&Row], label: impl Fn(&Row) -> String) {
    let columns = columns(rows, &label);
    let mut lines: Vec<Cells> = vec![columns.iter().map(|(title, _)| title.clone()).collect()];
    lines.extend(
        rows.iter()
            .map(|row| columns.iter().map(|(_, cell)| cell(row)).collect()),
    );
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max();
    let widths: Vec<usize> = (0..columns.len()).filter_map(width).collect();
    let _ = writeln!(text, "\n### {title}\n");
    for (number, line) in lines.iter().enumerate() {
        write_line(text, line, &widths);
        if number == 0 {
            write_rule(text, &widths);
        }
    }
}

/// Returns the columns, without those that would be empty in every row.
fn columns<'a>(rows: &[&Row], label: &'a dyn Fn(&Row) -> String) -> Vec<Column<'a>> {
    let has = |cost: CostOf| rows.iter().any(|row| cost(row).is_some());
    let is_timed = rows.iter().any(|row| row.ours.nanoseconds.is_some());
    let peer = peer(rows);
    let mut columns: Vec<Column> = vec![
        column("request", label),
        column("cors-runtime", |row| row.implementation.to_owned()),
        column("instructions", |row| instructions(Some(row.ours))),
    ];
    let others: [(&str, CostOf); 4] = [
        ("identity", |row| row.identity),
        ("minimal", |row| row.minimal),
        ("strict", |row| row.strict),
        (peer, |row| row.peer),
    ];
    for (title, cost) in others.into_iter().filter(|(_, cost)| has(*cost)) {
        columns.push(column(title, move |row| instructions(cost(row))));
    }
    columns.push(column("x strict", |row| {
        ratio(row.instructions_over(row.strict))
    }));
    columns.push(column(&format!("x {peer}"), |row| {
        ratio(row.instructions_over(row.peer))
    }));
    columns.push(column("allocations", allocations));
    if is_timed {
        columns.push(column("time x strict", |row| {
            ratio(row.time_over(row.strict))
        }));
        columns.push(column(&format!("time x {peer}"), |row| {
            ratio(row.time_over(row.peer))
        }));
    }
    columns
}

fn column<'a>(title: &str, cell: impl Fn(&Row) -> String + 'a) -> Column<'a> {
    (title.to_owned(), Box::new(cell))
}

/// Returns the name of the other crate, if it is the same in all rows.
fn peer(rows: &[&Row]) -> &'static str {
    let name = rows[0].peer_name;
    if rows.iter().all(|row| row.peer_name == name) {
        name
    } else {
        "peer"
    }
}

fn instructions(cost: Option<Cost>) -> String {
    cost.map_or_else(String::new, |cost| format!("{:.0}", cost.instructions))
}

/// Returns `ours / strict / peer`.
fn allocations(row: &Row) -> String {
    let costs = [Some(row.ours), row.strict, row.peer];
    let costs = costs.into_iter().flatten();
    // Adding zero makes a negative zero positive.
    let counts: Vec<_> = costs
        .map(|it| format!("{:.0}", it.allocations.round() + 0.0))
        .collect();
    counts.join(" / ")
}

fn ratio(ratio: Option<f64>) -> String {
    ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}"))
}

fn write_line(text: &mut String, cells: &[String], widths: &[usize]) {
    for (column, (cell, width)) in cells.iter().zip(widths).enumerate() {
        // The first two columns contain words.
        let _ = match column {
            0 | 1 => write!(text, "| {cell:<width$} "),
            _ => write!(text, "| {cell:>width$} "),
        };
    }
    text.push_str("|\n");
}

fn write_rule(text: &mut String, widths: &[usize]) {
    for (column, width) in widths.iter().enumerate() {
        let _ = match column {
            0 | 1 => write!(text, "| {:-<width$} ", ""),
            _ => write!(text, "| {:-<1$}: ", "", width - 1),
        };
    }
    text.push_str("|\n");
}
