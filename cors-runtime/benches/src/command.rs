//! The commands.

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::case::Group;
use crate::report::baseline::{self, Baseline, Difference};
use crate::report::{markdown, picture, rows};
use crate::{count, time};

/// The number of runs for results that are printed or stored, and for cases that seem worse.
const RUNS: usize = 3;

/// Runs the command that the arguments name. See the README.md of this package.
pub fn run(arguments: impl Iterator<Item = String>) -> ExitCode {
    // `cargo bench` adds this argument.
    let mut filters: Vec<String> = arguments.filter(|argument| argument != "--bench").collect();
    let is_command =
        |word: &String| ["check", "baseline", "responses", count::SERVE].contains(&word.as_str());
    let command = filters.first().filter(|word| is_command(word)).cloned();
    if command.is_some() {
        filters.remove(0);
    }
    let done = match command.as_deref() {
        Some("check") => check(&filters),
        Some("baseline") => store(&filters),
        Some("responses") => print_responses(&filters),
        Some(_) => serve(&filters),
        None => print(&filters),
    };
    done.unwrap_or_else(|error| {
        eprintln!("error: {error}");
        ExitCode::FAILURE
    })
}

fn selected(filters: &[String]) -> Result<Vec<Group>, Box<dyn Error>> {
    let mut groups = crate::groups();
    groups.retain(|group| group.is_selected(filters));
    if groups.is_empty() {
        return Err(format!("no name contains {}", filters.join(" or ")).into());
    }
    Ok(groups)
}

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Prints the tables, and writes the picture if all cases are measured.
fn print(filters: &[String]) -> Result<ExitCode, Box<dyn Error>> {
    let groups = selected(filters)?;
    let counts = count::smallest(&groups, filters, RUNS)?;
    let times = time::time(&groups);
    let rows = rows::rows(&groups, &counts, Some(&times));
    println!("{}", markdown::tables(&rows));
    if let Some(svg) = picture::svg(&rows) {
        fs::write(file("../performance.svg"), svg)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Serves the requests under callgrind.
fn serve(filters: &[String]) -> Result<ExitCode, Box<dyn Error>> {
    count::serve(&selected(filters)?);
    Ok(ExitCode::SUCCESS)
}

fn print_responses(filters: &[String]) -> Result<ExitCode, Box<dyn Error>> {
    for group in selected(filters)? {
        for case in &group.cases {
            if let Some(answer) = group.start(case).response() {
                println!("{}\n{answer}", group.name_of(case));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn ratios(filters: &[String], runs: usize) -> Result<Baseline, Box<dyn Error>> {
    let groups = selected(filters)?;
    let counts = count::smallest(&groups, filters, runs)?;
    Ok(baseline::of(&rows::rows(&groups, &counts, None)))
}

/// Stores the ratios. With filters, the ratios of the other cases stay.
fn store(filters: &[String]) -> Result<ExitCode, Box<dyn Error>> {
    let measured = ratios(filters, RUNS)?;
    let mut stored = Baseline::new();
    if !filters.is_empty() {
        stored = baseline::read(&fs::read_to_string(file("baseline.txt"))?)?;
    }
    stored.extend(measured);
    fs::write(file("baseline.txt"), baseline::write(&stored))?;
    Ok(ExitCode::SUCCESS)
}

/// Fails if a ratio is larger than the stored ratio, or if a case does not have a stored ratio.
fn check(filters: &[String]) -> Result<ExitCode, Box<dyn Error>> {
    let stored = baseline::read(&fs::read_to_string(file("baseline.txt"))?)?;
    let mut measured = ratios(filters, 1)?;
    let mut difference = baseline::compare(&stored, &measured);
    if !difference.worse.is_empty() {
        measured.extend(ratios(&difference.worse_cases, RUNS)?);
        difference = baseline::compare(&stored, &measured);
    }
    report(&difference);
    println!("{} cases compared with the baseline", measured.len());
    let fails = !difference.worse.is_empty() || !difference.new.is_empty();
    Ok(if fails {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn report(difference: &Difference) {
    let print = |title: &str, lines: &[String]| {
        if !lines.is_empty() {
            println!("{title}\n  {}", lines.join("\n  "));
        }
    };
    print("more than 10 % worse:", &difference.worse);
    print("not in the baseline:", &difference.new);
    print(
        "more than 10 % better (store it by `-- baseline`):",
        &difference.better,
    );
}
