package org.skysieve.engine.alert;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

import org.skysieve.engine.context.ContextRules;
import org.skysieve.engine.context.KnownReal;
import org.skysieve.engine.context.SkyContext;
import org.skysieve.engine.context.SkyContext.Kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** How far the context agrees with what is known of real packets, where they are at hand. */
class GoldContextTest {
    private static final Path GOLD = Path.of(System.getProperty("skysieve.data", "../shared/data"), "ztf", "gold");

    @Test
    void asteroidsVariablesAndSupernovaeOfTheGoldSetAreInTheirContexts() throws IOException {
        assumeTrue(Files.isDirectory(GOLD), "skipped: no gold packets in " + GOLD.toAbsolutePath());
        Map<Long, String> subclasses = new HashMap<>();
        for (String line : Files.readAllLines(GOLD.resolve("labels.csv"))) {
            String[] cells = line.split(",", -1);
            if (Character.isDigit(cells[0].charAt(0))) {
                subclasses.put(Long.parseLong(cells[0]), cells[2].equals("bogus") ? "bogus" : cells[3].split(":")[0]);
            }
        }
        CollectingSink sink = new CollectingSink();
        AlertReader.read(GOLD, sink);

        Map<String, Map<Kind, Integer>> table = new TreeMap<>();
        Map<String, Integer> minorPlanets = new TreeMap<>();
        Map<String, Integer> variableStars = new TreeMap<>();
        for (AlertPacket packet : sink.packets) {
            SkyContext context = ContextRules.classify(packet.surroundings(), packet.mag());
            table.computeIfAbsent(subclasses.get(packet.candid()), s -> new EnumMap<>(Kind.class))
                    .merge(context.kind(), 1, Integer::sum);
            if (KnownReal.minorPlanet(context, 2).isPresent()) {
                minorPlanets.merge(subclasses.get(packet.candid()), 1, Integer::sum);
            }
            if (KnownReal.variableStar(context, packet.surroundings(), 1, 20).isPresent()) {
                variableStars.merge(subclasses.get(packet.candid()), 1, Integer::sum);
            }
            assertThat(context.rule()).isNotBlank().doesNotContain("NaN").doesNotContain("-999");
        }

        table.forEach((subclass, kinds) -> System.out.println("context of gold " + subclass + ": " + kinds));
        System.out.println("labelled by rule: minor planets " + minorPlanets + ", variable stars " + variableStars);
        assertThat(minorPlanets).containsOnlyKeys("asteroid");
        assertThat(variableStars).containsOnlyKeys("variable");
        assertThat(variableStars.get("variable")).isGreaterThan(40);
        // The gold asteroids were chosen by a stricter form of the same rule, so all must be found.
        assertThat(table.get("asteroid")).containsOnlyKeys(Kind.SOLAR_SYSTEM);
        assertThat(share(table.get("variable"), Kind.VARIABLE_STAR)).isGreaterThan(.85);
        assertThat(share(table.get("TNS"), Kind.SUPERNOVA, Kind.NUCLEAR, Kind.ORPHAN))
                .isGreaterThan(.85);
        assertThat(table.get("bogus")).doesNotContainKey(Kind.SOLAR_SYSTEM);
        assertThat(table.values())
                .allSatisfy(kinds -> assertThat(share(kinds, Kind.UNKNOWN)).isLessThan(.05));
    }

    private static double share(Map<Kind, Integer> counts, Kind... wanted) {
        double sum = 0;
        for (Kind kind : wanted) {
            sum += counts.getOrDefault(kind, 0);
        }
        return sum / counts.values().stream().mapToInt(Integer::intValue).sum();
    }
}
