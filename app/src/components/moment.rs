//! A time: relative to the eye, exact for whoever asks.

use domain::clock::Timestamp;
use leptos::prelude::*;

use crate::words;

/// `2 minutes ago`, with the exact time on hover and for assistive technology.
#[component]
pub fn Moment(then: Timestamp, now: Timestamp) -> impl IntoView {
    view! {
        <time datetime=then.to_rfc3339() title=words::exact(then)>
            {words::ago(then, now)}
        </time>
    }
}

/// `21 Nov`, with the year where it is another.
#[component]
pub fn Day(time: Timestamp, now: Timestamp) -> impl IntoView {
    view! {
        <time datetime=time.to_rfc3339() title=words::exact(time)>
            {words::short_date(time, now)}
        </time>
    }
}
