//! The page that sends the requests in a real browser.

pub(crate) const HTML: &str = include_str!("page.html");

/// The path of the page, on every server. The query may be anything.
pub(crate) const PATH: &str = "test-page";

pub(crate) fn is_page(path: &str) -> bool {
    path.split(['?', '#']).next() == Some(PATH)
}
