//! Lists in header values (RFC 9110, section 5.6.1). The longest list within the bounds should cost
//! little more than a short list.

/// Returns the elements of a list, which commas separate.
#[inline]
pub(super) fn elements(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(list);
    std::iter::from_fn(move || {
        let list = rest?;
        let (element, others) = list.split_at(comma(list).unwrap_or(list.len()));
        rest = others.split_first().map(|(_, others)| others);
        Some(element)
    })
}

/// Returns the position of the first comma.
#[inline]
fn comma(list: &[u8]) -> Option<usize> {
    match list.split_first_chunk::<16>() {
        Some((first, rest)) => {
            let is_long = || distant_comma(rest).map(|position| first.len() + position);
            near_comma(first).or_else(is_long)
        }
        None => near_comma(list),
    }
}

/// Looks at sixteen bytes at once, and then at eight.
#[inline(never)]
fn distant_comma(list: &[u8]) -> Option<usize> {
    let mut rest = list;
    while let Some((first, others)) = rest.split_first_chunk()
        && all(first, |byte| byte != b',')
    {
        rest = others;
    }
    near_comma(rest).map(|position| list.len() - rest.len() + position)
}

/// Looks at eight bytes at once.
#[inline]
fn near_comma(list: &[u8]) -> Option<usize> {
    let (words, rest) = list.as_chunks();
    for (index, word) in words.iter().enumerate() {
        if let Some(position) = comma_in_word(*word) {
            return Some(index * 8 + position);
        }
    }
    match list.last_chunk() {
        // The word may begin with bytes that are not commas.
        Some(word) => comma_in_word(*word).map(|it| list.len() - 8 + it),
        None => rest.iter().position(|&byte| byte == b','),
    }
}

fn comma_in_word(word: [u8; 8]) -> Option<usize> {
    let commas = commas(u64::from_le_bytes(word));
    // The lowest bit belongs to the first comma. Its index is less than 64.
    (commas != 0).then(|| commas.trailing_zeros() as usize / 8)
}

/// Returns a number whose lowest bit is set in the first byte that is a comma, or 0.
fn commas(word: u64) -> u64 {
    const LOW: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    // A comma becomes 0, which the subtraction borrows from.
    let word = word ^ u64::from_ne_bytes([b','; 8]);
    word.wrapping_sub(LOW) & !word & HIGH
}

/// Removes optional white space (RFC 9110, section 5.6.3). Looks at sixteen bytes at once.
pub(super) fn trim(mut element: &[u8]) -> &[u8] {
    let is_white_space = |byte| matches!(byte, b' ' | b'\t');
    while let Some((first, rest)) = element.split_first_chunk()
        && all(first, is_white_space)
    {
        element = rest;
    }
    while let Some((rest, last)) = element.split_last_chunk()
        && all(last, is_white_space)
    {
        element = rest;
    }
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = element {
        element = rest;
    }
    element
}

/// Unlike `Iterator::all`, `fold` looks at every byte, so that it compiles to vector instructions.
fn all(chunk: &[u8; 16], matches: impl Fn(u8) -> bool) -> bool {
    chunk.iter().fold(true, |all, &byte| all & matches(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Calls `test` with lists of every length up to 40, with one other byte in every position.
    fn each_list(filling: u8, other: u8, test: impl Fn(&[u8])) {
        for len in 0..40 {
            let mut list = vec![filling; len];
            test(&list);
            for position in 0..len {
                list[position] = other;
                test(&list);
                list[position] = filling;
            }
        }
    }

    #[test]
    fn splits_at_every_comma() {
        for (filling, other) in [
            (b'a', b','),
            (b',', b'a'),
            (b'-', b','),
            (0xac, b','),
            (b',', 0),
        ] {
            each_list(filling, other, |list| {
                let expected: Vec<_> = list.split(|&byte| byte == b',').collect();
                assert_eq!(elements(list).collect::<Vec<_>>(), expected, "{list:?}");
            });
        }
    }

    #[test]
    fn splits_at_each_of_several_commas() {
        for (name, commas) in (0..40).flat_map(|name| (0..40).map(move |commas| (name, commas))) {
            let list = [vec![b'a'; name], vec![b','; commas]].concat();
            let expected: Vec<_> = list.split(|&byte| byte == b',').collect();
            assert_eq!(elements(&list).collect::<Vec<_>>(), expected, "{list:?}");
        }
    }

    #[test]
    fn trims_spaces_and_tabs_on_both_sides() {
        for (filling, other) in [(b' ', b'a'), (b'a', b' '), (b'\t', b'a'), (b' ', b'\t')] {
            each_list(filling, other, |list| {
                // These lists contain no other white space.
                assert_eq!(trim(list), list.trim_ascii(), "{list:?}");
            });
        }
        assert_eq!(trim(b"\na\n"), b"\na\n");
    }
}
