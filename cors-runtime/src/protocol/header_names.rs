//! The names of the headers that a policy allows.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

/// The largest list that is compared name by name.
const MAX_LIST_LEN: usize = 8;

/// Names in lower case. They are prepared when the policy is mounted, so that a preflight that
/// requests many headers costs little.
#[derive(Clone, Debug)]
pub(crate) struct HeaderNames {
    list: &'static [&'static str],
    /// The names of a long list.
    set: HashSet<&'static [u8], BuildHasherDefault<NameHasher>>,
}

impl HeaderNames {
    pub(super) fn new(list: &'static [&'static str]) -> Self {
        let names = list.iter().map(|name| name.as_bytes());
        let set = names.filter(|_| list.len() > MAX_LIST_LEN).collect();
        Self { list, set }
    }

    pub(super) fn contains(&self, name: &[u8]) -> bool {
        if self.list.len() > MAX_LIST_LEN {
            self.set.contains(name)
        } else {
            self.list.iter().any(|it| it.as_bytes() == name)
        }
    }

    pub(super) fn contains_in_any_case(&self, name: &[u8]) -> bool {
        if self.list.len() <= MAX_LIST_LEN {
            let is_name = |it: &&str| it.as_bytes().eq_ignore_ascii_case(name);
            return self.list.iter().any(is_name);
        }
        let mut buffer = [0; 64];
        match buffer.get_mut(..name.len()) {
            Some(lower_case) => {
                lower_case.copy_from_slice(name);
                lower_case.make_ascii_lowercase();
                self.set.contains(&*lower_case)
            }
            None => self.set.contains(&*name.to_ascii_lowercase()),
        }
    }
}

/// A hasher for the names of a policy. An attacker cannot choose the names in the set, so the
/// hasher does not have to resist collisions. It uses the first and the last eight bytes of a name.
#[derive(Default)]
struct NameHasher(u64);

impl Hasher for NameHasher {
    fn write(&mut self, name: &[u8]) {
        let (first, last) = match (name.first_chunk(), name.last_chunk()) {
            (Some(first), Some(last)) => (u64::from_be_bytes(*first), u64::from_be_bytes(*last)),
            _ => (
                0,
                name.iter()
                    .fold(0, |word, &byte| word << 8 | u64::from(byte)),
            ),
        };
        // The odd factor spreads each bit over the higher bits. The table uses the lowest bits.
        let spread = (first.rotate_left(32) ^ last).wrapping_mul(0x517c_c1b7_2722_0a95);
        self.0 = spread.rotate_left(26);
    }

    /// Ignores the length, which `[u8]` hashes as well.
    fn write_usize(&mut self, _: usize) {}

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(len: usize) -> HeaderNames {
        let names = (0..len).map(|number| &*format!("x-name-{number:03}").leak());
        HeaderNames::new(names.collect::<Vec<_>>().leak())
    }

    #[test]
    fn finds_every_name_in_any_case_and_no_other() {
        for len in [0, 1, MAX_LIST_LEN, MAX_LIST_LEN + 1, 300] {
            let names = names(len);
            for name in names.list {
                let upper_case = name.to_ascii_uppercase();
                assert!(names.contains(name.as_bytes()), "{name} of {len}");
                assert!(names.contains_in_any_case(upper_case.as_bytes()));
                assert!(!names.contains(upper_case.as_bytes()));
                assert!(!names.contains_in_any_case(&name.as_bytes()[1..]));
            }
            for other in [
                String::new(),
                "x-name-".into(),
                "x-name-999".into(),
                "x".repeat(200),
            ] {
                assert!(!names.contains(other.as_bytes()), "{other} of {len}");
                assert!(!names.contains_in_any_case(other.as_bytes()));
            }
        }
    }

    #[test]
    fn names_that_end_differently_have_different_hashes() {
        let names = names(300);
        let hashes = names.set.iter().map(|name| {
            let mut hasher = NameHasher::default();
            hasher.write(name);
            hasher.finish() & 0x1ff
        });
        let different = hashes.collect::<HashSet<_>>().len();
        assert!(different > 150, "{different}");
    }
}
