use cors_runtime::{Policy, policy};

static NOBODY: Policy = policy! { disabled };

static SOMEBODY: Policy = policy! { origins = ["https://app.example.com"], disabled };

fn main() {}
