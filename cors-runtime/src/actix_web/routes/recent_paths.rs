//! A cache of results for the paths of recent preflights.

use std::cell::RefCell;
use std::collections::VecDeque;

const MAX_PATHS: usize = 16;
const MAX_PATH_LEN: usize = 256;

/// Caches results, because a search of the tree of paths costs as much as routing a request.
/// Browsers send preflights for few paths.
#[derive(Default)]
pub(super) struct RecentPaths(RefCell<VecDeque<(Box<str>, bool)>>);

impl RecentPaths {
    /// Returns the result of `find` for a path.
    pub(super) fn get_or_find(&self, path: &str, find: impl FnOnce() -> bool) -> bool {
        let known = self
            .0
            .borrow()
            .iter()
            .find(|(it, _)| **it == *path)
            .map(|it| it.1);
        if let Some(known) = known {
            return known;
        }
        let found = find();
        if path.len() <= MAX_PATH_LEN {
            let mut paths = self.0.borrow_mut();
            paths.truncate(MAX_PATHS - 1);
            paths.push_front((path.into(), found));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_PATHS, RecentPaths};

    #[test]
    fn recent_paths_are_remembered() {
        let recent = RecentPaths::default();
        assert!(recent.get_or_find("/a", || true));
        assert!(recent.get_or_find("/a", || false));
        for number in 0..MAX_PATHS {
            assert!(!recent.get_or_find(&format!("/{number}"), || false));
        }
        assert!(!recent.get_or_find("/a", || false));
    }
}
