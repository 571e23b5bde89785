//! Recognizes misspelled words.

const SCHEMES: [&str; 2] = ["https", "http"];

/// Returns the scheme that was probably meant by a misspelled one.
pub(crate) fn scheme_meant(scheme: &str) -> Option<&'static str> {
    if SCHEMES.contains(&scheme) {
        return None;
    }
    nearest(&SCHEMES, scheme, 1)
}

/// Returns the known name that is nearest to `name`, if at most `mistakes` bytes are missing,
/// added, wrong or swapped.
///
/// ```
/// assert_eq!(cors_rules::nearest(&["origins", "methods"], "orgins", 2), Some("origins"));
/// assert_eq!(cors_rules::nearest(&["origins", "methods"], "headers", 2), None);
/// ```
pub fn nearest<'a>(known: &[&'a str], name: &str, mistakes: usize) -> Option<&'a str> {
    (0..=mistakes).find_map(|mistakes| {
        let is_near = |known: &&&str| is_near(known.as_bytes(), name.as_bytes(), mistakes);
        known.iter().find(is_near).copied()
    })
}

/// Returns whether at most `mistakes` letters are missing, added, wrong or swapped.
fn is_near(known: &[u8], name: &[u8], mistakes: usize) -> bool {
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
