//! Recognizes misspelled words.

const SCHEMES: [&str; 2] = ["http", "https"];

/// Returns the scheme that was probably meant by a misspelled one.
pub(crate) fn scheme_meant(scheme: &str) -> Option<&'static str> {
    let is_near = |known: &&&str| is_near(known.as_bytes(), scheme.as_bytes(), 1);
    let meant = SCHEMES.iter().rev().find(is_near);
    meant.filter(|_| !SCHEMES.contains(&scheme)).copied()
}

pub(crate) fn is_misspelled(scheme: &str) -> bool {
    scheme_meant(scheme).is_some()
}

/// Returns whether at most `mistakes` letters are missing, added, wrong or swapped.
pub fn is_near(known: &[u8], name: &[u8], mistakes: usize) -> bool {
    let same = known.iter().zip(name).take_while(|(a, b)| a == b).count();
    let (known, name) = (&known[same..], &name[same..]);
    let ([a, rest_of_known @ ..], [b, rest_of_name @ ..]) = (known, name) else {
        return known.len() + name.len() <= mistakes;
    };
    let Some(mistakes) = mistakes.checked_sub(1) else {
        return false;
    };
    let is_swapped = rest_of_known.first() == Some(b) && rest_of_name.first() == Some(a);
    is_near(rest_of_known, name, mistakes)
        || is_near(known, rest_of_name, mistakes)
        || is_near(rest_of_known, rest_of_name, mistakes)
        || (is_swapped && is_near(&rest_of_known[1..], &rest_of_name[1..], mistakes))
}
