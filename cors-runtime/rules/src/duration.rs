//! Durations in `max_age`.

/// Returns the seconds in a duration such as `"90s"`, `"10m"` or `"2h"`.
///
/// Returns `None` if the duration is malformed.
///
/// ```
/// assert_eq!(cors_rules::duration_seconds("10m"), Some(600));
/// assert_eq!(cors_rules::duration_seconds("10"), None);
/// ```
pub fn duration_seconds(duration: &str) -> Option<u64> {
    let unit = duration.chars().last()?;
    let factor = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        _ => return None,
    };
    let number = &duration[..duration.len() - unit.len_utf8()];
    // `parse` alone would also accept `+1`.
    let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    digits
        .then(|| number.parse::<u64>().ok()?.checked_mul(factor))
        .flatten()
}
