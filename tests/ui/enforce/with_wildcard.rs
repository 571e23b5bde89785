use cors_runtime::axum::cors;
use cors_runtime::{Policy, policy};

#[cors(origins = "*", enforce)]
async fn list() {}

static OPEN: Policy = policy! { origins = "*", enforce = true };

// Valid without `enforce`.
#[cors(origins = "*", enforce = false)]
async fn open() {}

fn main() {}
