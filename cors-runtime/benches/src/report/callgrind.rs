//! Reads the file of callgrind.
//!
//! The format is described at <https://valgrind.org/docs/manual/cl-format.html>.

use std::collections::HashSet;

/// The counts that callgrind collected between two dumps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) instructions: u64,
    pub(crate) allocations: u64,
}

const ALLOCATORS: [&str; 6] = [
    "malloc",
    "calloc",
    "realloc",
    "aligned_alloc",
    "memalign",
    "posix_memalign",
];

/// Returns the parts that `--dump-after` has written.
pub(crate) fn parse(text: &str) -> Vec<Part> {
    let mut reader = Reader::default();
    text.lines().for_each(|line| reader.read(line));
    reader.parts
}

#[derive(Default)]
struct Reader<'a> {
    parts: Vec<Part>,
    part: Part,
    is_run: bool,
    /// The names of the allocators. A name is written in full only at its first use: `(7) malloc`,
    /// and then `(7)`.
    allocators: HashSet<&'a str>,
    /// Whether the next line is the first instruction of an allocator.
    is_entry: bool,
}

impl<'a> Reader<'a> {
    fn read(&mut self, line: &'a str) {
        if let Some(trigger) = line.strip_prefix("desc: Trigger: ") {
            self.is_run = trigger.starts_with("--dump-after");
        } else if let Some(total) = line.strip_prefix("totals: ") {
            self.finish(total);
        } else if let Some(name) = line.strip_prefix("cfn=") {
            self.is_allocator(name);
        } else if let Some(name) = line.strip_prefix("fn=") {
            self.is_entry = self.is_allocator(name);
        } else if self.is_entry && line.starts_with("0x") {
            self.entered(line);
        }
    }

    fn finish(&mut self, total: &str) {
        let part = std::mem::take(&mut self.part);
        if self.is_run {
            let instructions = total.trim().parse().expect("a total");
            self.parts.push(Part {
                instructions,
                ..part
            });
        }
    }

    fn is_allocator(&mut self, name: &'a str) -> bool {
        let Some((number, name)) = name.split_once(' ') else {
            return self.allocators.contains(name);
        };
        if ALLOCATORS.contains(&name) {
            self.allocators.insert(number);
        }
        ALLOCATORS.contains(&name)
    }

    /// Counts the calls of a function by its first instruction. callgrind's own count of calls
    /// includes calls that are not collected.
    fn entered(&mut self, line: &str) {
        let count = line
            .split(' ')
            .next_back()
            .and_then(|count| count.parse::<u64>().ok());
        self.part.allocations += count.expect("an address and a count");
        self.is_entry = false;
    }
}

#[cfg(test)]
mod tests {
    use super::{Part, parse};

    const TWO_RUNS: &str = "\
# callgrind format
part: 1

desc: Trigger: --dump-after=cors_benches::count::counted_run

positions: instr
events: Ir
summary: 30

fn=(1) cors_benches::count::counted_run
0x10 1
cfn=(2) malloc
calls=9 0x20
0x14 24

fn=(2)
0x20 3
0x24 3

fn=(3) free
0x30 7

totals: 30

part: 2
desc: Trigger: --dump-after=cors_benches::count::counted_run

fn=(2)
0x20 5
fn=(4) realloc
0x28 2
0x2a 2

totals: 45

part: 3
desc: Trigger: Program termination
totals: 0
";

    #[test]
    fn a_part_for_each_run() {
        let part = |instructions, allocations| Part {
            instructions,
            allocations,
        };
        assert_eq!(parse(TWO_RUNS), [part(30, 3), part(45, 7)]);
    }
}
