//! Sets of strings in static data.

/// The largest set that is compared entry by entry, and so keeps the order in which it was written.
const MAX_UNSORTED: usize = 8;

/// Prepares a list of strings for [`contains`]: sorts it if it is long.
///
/// ```
/// use cors_rules::str_set;
///
/// let mut names: Vec<String> = (0..100).map(|number| format!("x-{number}")).collect();
/// str_set::prepare(&mut names);
/// let names: Vec<&str> = names.iter().map(String::as_str).collect();
/// assert!(str_set::contains(&names, b"x-99"));
/// assert!(!str_set::contains(&names, b"x-100"));
/// ```
pub fn prepare<T: Ord>(strings: &mut [T]) {
    if strings.len() > MAX_UNSORTED {
        strings.sort_unstable();
    }
}

/// Returns whether a [prepared](prepare) list contains a value.
#[must_use]
pub fn contains(strings: &[&str], value: &[u8]) -> bool {
    if strings.len() > MAX_UNSORTED {
        let order = |string: &&str| string.as_bytes().cmp(value);
        strings.binary_search_by(order).is_ok()
    } else {
        strings.iter().any(|string| string.as_bytes() == value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_entry_and_nothing_else() {
        for len in [0, 1, MAX_UNSORTED, MAX_UNSORTED + 1, 1000] {
            let mut strings: Vec<String> = (0..len).map(|number| format!("x-{number}")).collect();
            strings.reverse();
            prepare(&mut strings);
            let set: Vec<&str> = strings.iter().map(String::as_str).collect();
            for entry in &strings {
                assert!(contains(&set, entry.as_bytes()), "{entry} of {len}");
                assert!(!contains(&set, &entry.as_bytes()[1..]));
            }
            for other in ["", "x", "x-", "x-1000", "y", "\u{ff}"] {
                assert!(!contains(&set, other.as_bytes()), "{other} of {len}");
            }
        }
    }

    #[test]
    fn a_short_list_keeps_its_order() {
        let mut strings = ["b", "a"];
        prepare(&mut strings);
        assert_eq!(strings, ["b", "a"]);
    }
}
