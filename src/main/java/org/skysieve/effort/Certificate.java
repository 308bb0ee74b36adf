package org.skysieve.effort;

import java.time.Instant;
import java.time.LocalDate;

/** What somebody had given when the certificate was made; times and days in UTC. */
public record Certificate(
        String code,
        String name,
        long answers,
        long seconds,
        int days,
        LocalDate firstDay,
        LocalDate lastDay,
        Instant issuedAt) {}
