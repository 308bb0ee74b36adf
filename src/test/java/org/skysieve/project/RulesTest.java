package org.skysieve.project;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.module.paramnames.ParameterNamesModule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class RulesTest {
    private static final ObjectMapper JSON =
            JsonMapper.builder().addModule(new ParameterNamesModule()).build();

    @Test
    void whatIsLeftOutIsUsual() throws Exception {
        assertThat(JSON.readValue("{}", Rules.class))
                .usingRecursiveComparison()
                .withEqualsForType((a, b) -> Math.abs(a - b) < 1e-12, Double.class)
                .isEqualTo(Rules.DEFAULT);
    }

    @Test
    void aLargeShareOfOneArmLeavesTheOthersLess() throws Exception {
        Rules rules = JSON.readValue("{\"explorationShare\":0.6,\"goldShare\":0.05}", Rules.class);

        assertThat(rules.varietyShare()).isCloseTo(0.35 * 0.55 / 0.77, within(1e-12));
        assertThatThrownBy(() -> JSON.readValue("{\"explorationShare\":0.6,\"varietyShare\":0.5}", Rules.class))
                .hasMessageContaining("explorationShare + goldShare + varietyShare")
                .hasMessageContaining("need below 1");
    }

    @Test
    void rulesStoredBeforeThereWereOthersRetireOnThePosterior() throws Exception {
        Rules old = JSON.readValue(
                "{\"retireAt\":0.9,\"minVotes\":1,\"maxVotes\":7,\"ambiguousBelow\":0.7,\"retirePositiveAt\":0.97}",
                Rules.class);

        assertThat(old.retirement()).isEqualTo(new Retirement.Posterior(Map.of()));
        assertThat(old.retirePositiveAt()).isEqualTo(0.97);
    }

    @Test
    void trainingsMakeForestsUnlessToldOtherwise() throws Exception {
        assertThat(JSON.readValue("{}", Rules.class).modelKind()).isEqualTo(ModelKind.FOREST);
        Rules net = JSON.readValue("{\"modelKind\":\"net\"}", Rules.class);
        assertThat(net).isEqualTo(Rules.DEFAULT.withModelKind(ModelKind.NET));
        assertThat(JSON.readValue(JSON.writeValueAsString(net), Rules.class)).isEqualTo(net);
        assertThat(new RetirementChange(null, null, 3, null, null, null).of(net).modelKind())
                .isEqualTo(ModelKind.NET);
        assertThatThrownBy(() -> JSON.readValue("{\"modelKind\":\"oracle\"}", Rules.class))
                .hasMessageContaining("modelKind: got \"oracle\", need forest or net");
    }

    @Test
    void everyRetirementIsReadAsItWasWritten() throws Exception {
        for (Retirement retirement : List.of(
                new Retirement.Posterior(Map.of("real", 0.99, "star", 0.8)),
                new Retirement.ExpectedLoss(Map.of("real", 10.0), 0.1),
                new Retirement.Stability(4, 0.03),
                new Retirement.TwoAgreeElseSeven())) {
            String json = JSON.writeValueAsString(retirement);

            assertThat(json).contains("\"rule\":\"" + retirement.rule() + "\"");
            assertThat(JSON.readValue(json, Retirement.class)).isEqualTo(retirement);
        }
        assertThat(JSON.readValue("{\"rule\":\"stability\"}", Retirement.class))
                .isEqualTo(new Retirement.Stability(3, 0.02));
        assertThat(JSON.readValue("{\"thresholds\":{\"real\":0.99}}", Retirement.class))
                .isEqualTo(new Retirement.Posterior(Map.of("real", 0.99)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'rule':'oracle'} | rule: got \"oracle\", need posterior, expectedLoss, stability or twoAgreeElseSeven",
                "{'thresholds':{'real':0.4}} | thresholds.real: got 0.4, need above 0.5 and below 1",
                "{'thresholds':{'real':null}} | thresholds.real: got null, need a number",
                "{'rule':'expectedLoss','costs':{'real':-1}} | costs.real: got -1.0, need a finite number from 0 on",
                "{'rule':'expectedLoss','atMost':0} | atMost: got 0.0, need a finite number above 0",
                "{'rule':'stability','votes':0} | votes: got 0, need 1..20",
                "{'rule':'stability','within':0.6} | within: got 0.6, need 0 to 0.5",
                "{'rule':'stability','atMost':0.1} | atMost: got 0.1, need nothing: the rule stability has no such field"
            })
    void aRetirementThatCannotBeNamesItsField(String json, String message) {
        assertThatThrownBy(() -> JSON.readValue(json.replace('\'', '"'), Retirement.class))
                .hasMessageContaining(message);
    }

    @Test
    void aChangeKeepsWhatItLeavesOut() {
        Rules stable =
                new RetirementChange(null, null, 3, null, null, new Retirement.Stability(3, 0.02)).of(Rules.DEFAULT);

        assertThat(stable.minVotes()).isEqualTo(3);
        assertThat(stable.maxVotes()).isEqualTo(Rules.DEFAULT.maxVotes());
        assertThat(new RetirementChange(null, null, null, 20, null, null)
                        .of(stable)
                        .retirement())
                .isEqualTo(stable.retirement());
        // A threshold alone asks for the rule that has thresholds.
        assertThat(new RetirementChange(0.9, null, null, null, null, null)
                        .of(stable)
                        .retirement())
                .isEqualTo(Retirement.USUAL);
        assertThat(RetirementChange.to(stable).of(Rules.DEFAULT)).isEqualTo(stable);
    }
}
