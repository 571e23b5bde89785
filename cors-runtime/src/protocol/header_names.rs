//! The names of the headers that a policy allows.

/// The largest list that is compared name by name.
const MAX_LIST_LEN: usize = 8;

/// Names in lower case. They are prepared when the policy is mounted, so that a preflight that
/// requests many headers costs little.
#[derive(Clone, Debug)]
pub(crate) struct HeaderNames {
    list: &'static [&'static str],
    /// The names of a long list by their [`hash`]. A name whose slot is taken is in the next empty
    /// slot. The number of slots is a power of two, and at most a quarter of them is taken.
    slots: Box<[Option<&'static str>]>,
}

impl HeaderNames {
    pub(super) fn new(list: &'static [&'static str]) -> Self {
        let mut names = Self {
            list,
            slots: Box::default(),
        };
        if list.len() > MAX_LIST_LEN {
            let len = (list.len() * 4).next_power_of_two();
            names.slots = vec![None; len].into_boxed_slice();
            for name in list {
                names.insert(name);
            }
        }
        names
    }

    fn insert(&mut self, name: &'static str) {
        let empty = self
            .probe(name.as_bytes())
            .find(|slot| self.slots[*slot].is_none());
        // At most a quarter of the slots is taken.
        if let Some(slot) = empty {
            self.slots[slot] = Some(name);
        }
    }

    /// Returns the slots in which a name can be, in the order of the search.
    fn probe(&self, name: &[u8]) -> impl Iterator<Item = usize> + use<> {
        let len = self.slots.len();
        let first = hash(name);
        (0..len).map(move |step| first.wrapping_add(step) & (len - 1))
    }

    #[inline]
    pub(super) fn contains(&self, name: &[u8]) -> bool {
        if self.slots.is_empty() {
            return self.list.iter().any(|it| it.as_bytes() == name);
        }
        let mut names = self.probe(name).map_while(|slot| self.slots[slot]);
        names.any(|it| it.as_bytes() == name)
    }

    pub(super) fn contains_in_any_case(&self, name: &[u8]) -> bool {
        if self.slots.is_empty() {
            let is_name = |it: &&str| it.as_bytes().eq_ignore_ascii_case(name);
            return self.list.iter().any(is_name);
        }
        let mut buffer = [0; 64];
        match buffer.get_mut(..name.len()) {
            Some(lower_case) => {
                lower_case.copy_from_slice(name);
                lower_case.make_ascii_lowercase();
                self.contains(lower_case)
            }
            None => self.contains(&name.to_ascii_lowercase()),
        }
    }
}

/// Hashes the first and the last eight bytes of a name. An attacker cannot choose the names in the
/// list, so the hash does not have to resist collisions.
#[inline]
#[allow(
    clippy::cast_possible_truncation,
    reason = "only the lowest bits are used"
)]
fn hash(name: &[u8]) -> usize {
    let word = if let Some((first, last)) = name.first_chunk().zip(name.last_chunk()) {
        u64::from_be_bytes(*first).rotate_left(32) ^ u64::from_be_bytes(*last)
    } else {
        let bytes = name.iter();
        bytes.fold(0, |word, &byte| word << 8 | u64::from(byte))
    };
    // The odd factor spreads each bit over the higher bits.
    word.wrapping_mul(0x517c_c1b7_2722_0a95).rotate_left(26) as usize
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

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
        let hashes = names
            .list
            .iter()
            .map(|name| hash(name.as_bytes()) & (names.slots.len() - 1));
        let different = hashes.collect::<HashSet<_>>().len();
        assert!(different > 150, "{different}");
    }
}
