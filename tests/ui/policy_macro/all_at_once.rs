use cors_runtime::{Policy, policy};

static SHARED: Policy = policy! {
    origins = ["https://app.example.com/", "http://intranet.example"],
    methods = [patch],
    headers = ["cookie"],
    exposed = ["etag"],
    max_age = "2 days",
    credentials,
};

// The rest of the crate is checked in the same run.
const LIMIT: u8 = "ten";

fn main() {
    println!("{SHARED:?}");
}
