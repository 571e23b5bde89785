use cors_runtime::axum::cors;

#[cors(origins = "*", max_age = "1d")]
async fn days() {}

#[cors(origins = "*", max_age = -1)]
async fn negative() {}

#[cors(origins = "*", max_age = "10")]
async fn no_unit() {}

#[cors(origins = "*", max_age = 600u32)]
async fn suffix() {}

#[cors(origins = "*", max_age = 1.5)]
async fn fraction() {}

#[cors(origins = "*", max_age = 3600s)]
async fn without_quotes() {}

#[cors(origins = "*", max_age = Duration::from_secs(3600))]
async fn expression() {}

fn main() {}
